import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{azurePrometheusToken,openAzure}from"./chunk-ODGEMHXF.js";import"./chunk-EBEDYFJH.js";import"./chunk-SE5CQGBR.js";import"./chunk-G63OIHV4.js";import"./chunk-7B3FJ2MY.js";import"./chunk-FOIHJRZG.js";import"./chunk-ETXMND4A.js";export{azurePrometheusToken,openAzure};
