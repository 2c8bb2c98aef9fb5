import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{TrainingPredicate}from"./chunk-MT5FKNCV.js";import"./chunk-PNCNNJA4.js";import"./chunk-ETXMND4A.js";export{TrainingPredicate};
