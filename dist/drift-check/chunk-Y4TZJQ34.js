import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
function at(value){return String(Number(value.toFixed(1)))}export{at};
