import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{RolloutPredicate}from"./chunk-NGATN2HP.js";import"./chunk-CZER6XWY.js";import"./chunk-UEDNOVDU.js";import"./chunk-ETXMND4A.js";export{RolloutPredicate};
