import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{createPrometheus,openPrometheusApi,seconds,warningsOf}from"./chunk-NMPBJJKC.js";import"./chunk-3EGRYPXW.js";import"./chunk-G63OIHV4.js";import"./chunk-FOIHJRZG.js";import"./chunk-YU5KXZOD.js";import"./chunk-ETXMND4A.js";export{createPrometheus,openPrometheusApi,seconds,warningsOf};
