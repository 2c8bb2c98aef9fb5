import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{ModelPredicate}from"./chunk-7LJ44OYT.js";import"./chunk-ON6DFWQC.js";import"./chunk-ETXMND4A.js";export{ModelPredicate};
