import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{AwsClient,AwsV4Signer}from"./chunk-SYDA4TUK.js";import"./chunk-ETXMND4A.js";export{AwsClient,AwsV4Signer};
