import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{createGoogleSignIn}from"./chunk-7A5K6YM7.js";import"./chunk-G63OIHV4.js";import"./chunk-FOIHJRZG.js";import"./chunk-ETXMND4A.js";export{createGoogleSignIn};
