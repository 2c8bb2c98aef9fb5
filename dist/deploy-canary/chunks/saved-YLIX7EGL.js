import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{readRouterFile,stateFileOf}from"./chunk-GEMRW5DB.js";import"./chunk-C3R7YFOD.js";import"./chunk-2SNFSH2U.js";import"./chunk-VUEJJUAN.js";function savedStable(stateDir){return readRouterFile(stateFileOf(stateDir))?.traffic.stable}export{savedStable};
