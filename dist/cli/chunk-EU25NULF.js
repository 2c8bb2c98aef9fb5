import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{digestOf}from"./chunk-5LA3GP7Z.js";function modelDigest(files){let[first]=files;return first!==void 0&&files.length===1?`sha256:${first.digest.sha256}`:digestOf(files.map(({name,digest})=>({name,sha256:digest.sha256})))}export{modelDigest};
