import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{readRouterFile,stateFileOf}from"./chunk-5HL42OI3.js";import"./chunk-B7LQG3UR.js";import"./chunk-C3R7YFOD.js";import"./chunk-XVHWSVSI.js";import"./chunk-VUEJJUAN.js";function savedStable(stateDir){return readRouterFile(stateFileOf(stateDir))?.traffic.stable}export{savedStable};
