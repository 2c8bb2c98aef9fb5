import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{AwsRefusal,awsOperation,openAws}from"./chunk-PJRUSMB4.js";import"./chunk-SYDA4TUK.js";import"./chunk-QDXAKMJ2.js";import"./chunk-7B3FJ2MY.js";import"./chunk-G63OIHV4.js";import"./chunk-FOIHJRZG.js";import"./chunk-ETXMND4A.js";export{AwsRefusal,awsOperation,openAws};
