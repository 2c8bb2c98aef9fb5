import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{RolloutPredicate}from"./chunk-RPLOSGK7.js";import"./chunk-LBLMMILD.js";import"./chunk-YU5KXZOD.js";import"./chunk-ETXMND4A.js";export{RolloutPredicate};
