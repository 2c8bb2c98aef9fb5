import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
function finite(value){return value===void 0||Number.isNaN(value)?null:Math.min(Math.max(value,-Number.MAX_VALUE),Number.MAX_VALUE)}function bound(value){return value!==void 0&&Number.isFinite(value)?value:null}export{finite,bound};
