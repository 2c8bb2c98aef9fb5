import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{readRouterFile,stateFileOf}from"./chunk-YLNZEQD4.js";import"./chunk-ZORA4EY6.js";import"./chunk-XVHWSVSI.js";import"./chunk-C3R7YFOD.js";import"./chunk-VUEJJUAN.js";function savedStable(stateDir){return readRouterFile(stateFileOf(stateDir))?.traffic.stable}export{savedStable};
