import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{openGoogle}from"./chunk-CUJ4RQE2.js";import"./chunk-VWSDDCYB.js";import"./chunk-7A5K6YM7.js";import"./chunk-G63OIHV4.js";import"./chunk-UEDNOVDU.js";import"./chunk-FOIHJRZG.js";import"./chunk-ETXMND4A.js";export{openGoogle};
