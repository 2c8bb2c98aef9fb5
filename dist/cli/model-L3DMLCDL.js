import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{ModelPredicate}from"./chunk-SRVMJQFA.js";import"./chunk-UEDNOVDU.js";import"./chunk-ETXMND4A.js";export{ModelPredicate};
