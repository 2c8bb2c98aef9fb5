import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{TrainingPredicate}from"./chunk-IP2JHPGY.js";import"./chunk-EAZXX2BJ.js";import"./chunk-PGMZPJCF.js";export{TrainingPredicate};
