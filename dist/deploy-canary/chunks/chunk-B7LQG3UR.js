import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
function hasCode(error,...codes){return typeof error!="object"||error===null||!("code"in error)?!1:typeof error.code=="string"&&codes.includes(error.code)}function isAlive(pid){try{return process.kill(pid,0),!0}catch(error){return hasCode(error,"EPERM")}}export{hasCode,isAlive};
