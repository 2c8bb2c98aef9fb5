import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{createPrometheus,openPrometheusApi,seconds,warningsOf}from"./chunk-ECDNICG3.js";import"./chunk-OF44FS4H.js";import"./chunk-RHBTPMV2.js";import"./chunk-FOIHJRZG.js";import"./chunk-Q6BK7ON4.js";import"./chunk-ETXMND4A.js";export{createPrometheus,openPrometheusApi,seconds,warningsOf};
