import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
function jsonOf(text){try{return JSON.parse(text)}catch{return}}export{jsonOf};
