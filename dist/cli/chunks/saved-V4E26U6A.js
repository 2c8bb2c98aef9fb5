import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{readRouterFile,stateFileOf}from"./chunk-3DGD7IVY.js";import"./chunk-3S2WKJF2.js";import"./chunk-XVHWSVSI.js";import"./chunk-PGMZPJCF.js";function savedStable(stateDir){return readRouterFile(stateFileOf(stateDir))?.traffic.stable}export{savedStable};
