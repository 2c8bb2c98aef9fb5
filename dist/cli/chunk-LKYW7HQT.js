import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
function labelOf(category){if(category.length<=200)return category;let characters=[...category.slice(0,200)],last=characters.at(-1)??"";return`${(/^[\ud800-\udbff]$/.test(last)?characters.slice(0,-1):characters).join("")}\u2026`}export{labelOf};
