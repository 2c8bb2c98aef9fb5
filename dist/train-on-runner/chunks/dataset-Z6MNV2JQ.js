import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DatasetPredicate}from"./chunk-I5DDZ7FH.js";import"./chunk-EAZXX2BJ.js";import"./chunk-PGMZPJCF.js";export{DatasetPredicate};
