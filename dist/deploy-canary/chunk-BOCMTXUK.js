import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
function errorCode(error){if(!(typeof error!="object"||error===null||!("code"in error)))return typeof error.code=="string"?error.code:void 0}function hasCode(error,...codes){let code=errorCode(error);return code!==void 0&&codes.includes(code)}export{errorCode,hasCode};
