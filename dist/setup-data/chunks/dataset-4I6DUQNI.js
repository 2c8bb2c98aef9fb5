import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{DatasetPredicate}from"./chunk-3CVJEOCP.js";import"./chunk-TVCOYLEN.js";import"./chunk-PGMZPJCF.js";export{DatasetPredicate};
