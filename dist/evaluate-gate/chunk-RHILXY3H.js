import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{code,escapeMarkdown}from"./chunk-3XGIHQNK.js";var NAME_LENGTH=60,WORDS_LENGTH=120;function name(text){return code(brief(text))}function plain(text,most=NAME_LENGTH){return escapeMarkdown(brief(text,most))}function brief(text,most=NAME_LENGTH){let characters=[...text.slice(0,4*most)];return characters.length<=most?text:`${characters.slice(0,most-1).join("")}\u2026`}function paragraphs(parts){return parts.filter(part=>part!=="").join(`

`)}function folded(summary,content){return content===""?"":`<details><summary>${summary}</summary>

${content.trimEnd()}

</details>`}function captioned(caption,chart){return chart===""?"":`${caption}

${chart}`}export{WORDS_LENGTH,name,plain,paragraphs,folded,captioned};
