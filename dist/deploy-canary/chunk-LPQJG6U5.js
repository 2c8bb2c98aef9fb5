import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{hasCode}from"./chunk-6A5JQ73N.js";function isAlive(pid){try{return process.kill(pid,0),!0}catch(error){return hasCode(error,"EPERM")}}export{isAlive};
