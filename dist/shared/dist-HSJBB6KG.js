import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{require_dist2 as require_dist}from"./chunk-I2H4HYL6.js";import"./chunk-D6ZDT4QZ.js";export default require_dist();
