import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{readRouterFile,stateFileOf}from"./chunk-VGBP4UDO.js";import"./chunk-LF3N3RCU.js";import"./chunk-XVHWSVSI.js";import"./chunk-PGMZPJCF.js";function savedStable(stateDir){return readRouterFile(stateFileOf(stateDir))?.traffic.stable}export{savedStable};
