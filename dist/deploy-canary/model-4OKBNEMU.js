import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{ModelPredicate}from"./chunk-IGCUZMYH.js";import"./chunk-Q6BK7ON4.js";import"./chunk-ETXMND4A.js";export{ModelPredicate};
