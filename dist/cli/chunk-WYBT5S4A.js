import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
var registries={files:async context=>(await import("./files-KRLFC7H3.js")).createFilesRegistry(context)};function openRegistry(kind,context){return registries[kind](context)}export{openRegistry};
