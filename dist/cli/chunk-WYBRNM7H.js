import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);
import{html,trusted}from"./chunk-C2ENNB4W.js";var STYLE=`
:root{color-scheme:light dark;--back:#fff;--text:#1f2328;--faint:#59636e;--line:#d1d9e0;--panel:#f6f8fa;--first:#0969da;--second:#bc4c00;--good:#1a7f37;--bad:#cf222e;--unsure:#7d5300}
@media screen and (prefers-color-scheme:dark){:root{--back:#0d1117;--text:#e6edf3;--faint:#9198a1;--line:#3d444d;--panel:#151b23;--first:#58a6ff;--second:#f0883e;--good:#3fb950;--bad:#ff7b72;--unsure:#d29922}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--back);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main,header,footer{max-width:76rem;margin:0 auto;padding:1rem}
.skip{position:absolute;left:-100vw;top:0;padding:.5rem 1rem;background:var(--back);color:var(--first);z-index:1}
.skip:focus{left:0}
h1{font-size:1.6rem;margin:.5rem 0}
h2{font-size:1.25rem;border-bottom:1px solid var(--line);padding-bottom:.3rem;margin-top:2.5rem}
h3{font-size:1.05rem;margin:2rem 0 .5rem}
nav ol{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;padding:0;margin:0}
header{padding-bottom:0}
p,li{overflow-wrap:anywhere}
ul{padding-left:1.25rem}
nav a,.status{display:inline-block;border:1px solid var(--line);border-radius:.5rem;padding:.15rem .6rem;color:var(--text);text-decoration:none;background:var(--panel)}
nav a:hover{border-color:var(--first)}
:focus-visible{outline:3px solid var(--first);outline-offset:2px}
main a{color:var(--first)}
section{scroll-margin-top:1rem}
.pass,.stable{color:var(--good)}.fail,.failed,.drifted{color:var(--bad)}.inconclusive,.warn,.unconfirmed,.no-data,.late{color:var(--unsure)}
.status{font-weight:600}
.note{border:1px solid var(--line);border-left:.3rem solid var(--unsure);border-radius:.3rem;background:var(--panel);padding:.1rem 1rem;margin:1rem 0}
.scroll{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;font-size:.875rem;min-width:100%}
caption{text-align:left;color:var(--faint);padding:.3rem 0}
th,td{border-bottom:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top;max-width:24rem;overflow-wrap:break-word}
th{white-space:nowrap}
tbody th{font-weight:400;white-space:normal}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
table.wide{min-width:max(100%,68rem)}
table.matrix{min-width:0}
.newest .scroll{direction:rtl}.newest table{direction:ltr;min-width:100%}.newest tbody td:first-child{position:sticky;left:0;background:var(--back)}
td span,td code{white-space:nowrap}
td small{display:block;color:var(--faint)}
figure{margin:1rem 0;min-width:0}
figure svg{width:100%;height:auto;display:block}
figure .scroll svg{min-width:30rem}
.figures figure>svg{max-width:36rem}
.figures,.pair{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr));gap:1rem 2rem;align-items:start}
.pair>*{min-width:0}
figcaption{color:var(--faint);font-size:.875rem}
figcaption strong{color:var(--text)}
code,pre{font-family:ui-monospace,monospace;font-size:.85em}
code{overflow-wrap:anywhere}
pre{background:var(--panel);border:1px solid var(--line);border-radius:.3rem;padding:.75rem;overflow-x:auto;margin:.5rem 0}
ins,del{text-decoration:none;display:block}ins{color:var(--good)}del{color:var(--bad)}
details{margin:1rem 0}
figure details{margin:.25rem 0}
summary{cursor:pointer;padding:.15rem 0}
.faint{color:var(--faint)}
.jumps,.columns,.timeline,.index ul{list-style:none;padding:0;margin:.75rem 0}
.jumps,.timeline{display:flex;flex-wrap:wrap;gap:.4rem 1rem}
h4{font-size:1rem;margin:1.25rem 0 .25rem}
summary h4{display:inline}
.group{margin:1rem 0}
.columns>li{margin:.3rem 0}
.column{margin:0;border:1px solid var(--line);border-radius:.4rem}
.column>summary{display:flex;flex-wrap:wrap;align-items:center;gap:.2rem 1rem;padding:.35rem .7rem}
.column>summary::before{content:"\u25B8";color:var(--faint)}
.column[open]>summary::before{content:"\u25BE"}
.column>summary>:nth-child(1){flex:0 0 8.5rem;font-weight:600}
.column .name{flex:1 1 10rem;min-width:0;overflow-wrap:anywhere}
.column .times{flex:0 0 11rem;text-align:right;font-variant-numeric:tabular-nums}
.inside{padding:0 .7rem .5rem;border-top:1px solid var(--line)}
.bullet{flex:0 0 12rem;width:12rem;height:1.4rem}
.test .bullet{width:100%;max-width:20rem;height:auto}
.bullet .track{fill:var(--line)}.bullet .noise{fill:var(--faint);opacity:.45}.bullet .value{fill:currentColor}
.bullet .limit{stroke:var(--text);stroke-width:2.5}.bullet .shows{fill:var(--text)}.bullet .more,.bullet .whisker{fill:none;stroke:var(--back);stroke-width:1.5}.bullet .whisker{stroke:var(--text)}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:center;color:var(--faint);font-size:.875rem}
.legend span{flex:1 1 20rem}
.dist text{font:12px system-ui,sans-serif;fill:var(--text)}
.dist .r{fill:var(--first);opacity:.45}.dist path.c{fill:none;stroke:var(--second);stroke-width:2}.dist .a,.course .a{fill:none;stroke:var(--line)}
.pair .dist{max-width:36rem}
.facts{display:grid;grid-template-columns:minmax(6rem,auto) minmax(0,1fr);gap:.15rem 1rem;font-size:.875rem;margin:1rem 0;align-content:start}
.facts dt{color:var(--faint)}.facts dd{margin:0;overflow-wrap:anywhere}.facts ul{margin:0;padding:0;list-style:none}
.index ul{columns:14rem;font-size:.875rem}
.timeline li{border:1px solid var(--line);border-radius:.3rem;padding:.1rem .5rem}.timeline small{display:block;color:var(--faint)}
.multiples{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,15rem),1fr));gap:.5rem 1.5rem}
.course .c{fill:none;stroke:var(--first);stroke-width:2}.course circle{fill:var(--first)}.course .limit{stroke:var(--text);stroke-dasharray:5 4}
.share{display:inline-block;height:.7rem;background:var(--first)}
@media(max-width:40rem){.column>summary>:nth-child(1){flex:0 0 auto}.column .name{flex:1 1 60%}.column .bullet{flex:1 1 6rem;max-width:12rem}.column .times{flex:1 1 auto;text-align:left}.column span.bullet{display:none}.dist text{font-size:14px}}
@media print{nav,.skip{display:none}main,header,footer{max-width:none;padding:0}body{font-size:11pt}.scroll,pre{overflow:visible}table.wide{min-width:0}table{font-size:8pt}th,td span,td code{white-space:normal}td code{overflow-wrap:anywhere}figure details{display:none}tr,figure{break-inside:avoid}h2,h3{break-after:avoid}details::details-content{content-visibility:visible;block-size:auto;opacity:1}}
`;function page(title,sections){let body=html`<a class="skip" href="#content">Skip to the content</a><header><h1>${title}</h1>
<nav aria-label="Sections"><ol>${sections.map(({id,title:title2,status})=>html`<li><a href="#${id}">${title2}${status===void 0?html``:html`: ${badge(status)}`}</a></li>`)}</ol></nav></header>
<main id="content" tabindex="-1">${sections.map(({id,title:title2,status,body:body2})=>html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title2} ${status===void 0?html``:html`<span class="status">${badge(status)}</span>`}</h2>${body2}</section>`)}</main>
<footer class="faint">Made by Modelway from the statements in this record; <code>modelway verify</code> checks them again.</footer>`;return`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${html`${title}`.html}</title><style>${trusted(STYLE).html}</style></head><body>${body.html}</body></html>
`}var MARKS={pass:"\u2713 pass",warn:"! warn",fail:"\u2717 fail",inconclusive:"? inconclusive",skipped:"\u2013 too small",drifted:"\u2717 drifted",unconfirmed:"! unconfirmed",stable:"\u2713 stable",absent:"\u2013 absent","no-data":"? no data",late:"? late",fired:"\u25CF fired",failed:"\u2717 failed",held:"\u25CB held"};function badge(status){return html`<span class="${status}">${MARKS[status]??status}</span>`}export{page,badge};
