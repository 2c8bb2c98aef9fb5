import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{TrainingPredicate}from"./chunk-3GICR2OD.js";import"./chunk-UEDNOVDU.js";import"./chunk-ETXMND4A.js";export{TrainingPredicate};
