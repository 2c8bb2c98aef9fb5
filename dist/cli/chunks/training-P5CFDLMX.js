import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{TrainingPredicate}from"./chunk-52GIY2OQ.js";import"./chunk-Y2F5OHEQ.js";import"./chunk-PGMZPJCF.js";export{TrainingPredicate};
