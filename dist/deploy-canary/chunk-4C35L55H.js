import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
function paragraphs(parts){return parts.filter(part=>part!=="").join(`

`)}function folded(summary,content){return content===""?"":`<details><summary>${summary}</summary>

${content.trimEnd()}

</details>`}function captioned(caption,chart){return chart===""?"":`${caption}

${chart}`}export{paragraphs,folded,captioned};
