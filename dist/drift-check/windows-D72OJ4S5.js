import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{cutWindows,mergeSamples,withoutWindow}from"./chunk-7NIO27LM.js";import"./chunk-OSDGWTOX.js";import"./chunk-6RCISBSQ.js";import"./chunk-ETXMND4A.js";export{cutWindows,mergeSamples,withoutWindow};
