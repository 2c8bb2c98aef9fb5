import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{TrainingPredicate}from"./chunk-2E7FGYJG.js";import"./chunk-ON6DFWQC.js";import"./chunk-ETXMND4A.js";export{TrainingPredicate};
