import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{ModelPredicate}from"./chunk-MD6KPWRG.js";import"./chunk-YU5KXZOD.js";import"./chunk-ETXMND4A.js";export{ModelPredicate};
