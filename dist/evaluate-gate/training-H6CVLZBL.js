import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{TrainingPredicate}from"./chunk-IQ3RSPGV.js";import"./chunk-U2DVPEOQ.js";import"./chunk-ETXMND4A.js";export{TrainingPredicate};
