import { type Html, html } from '../http/html.ts';

/** Our own still lifes, drawn with a few shapes each. The tile behind them is the page's. */
export const PICTURES = {
  cup: still(html`
    <path d="M96 64c-10-12 8-18 0-32M120 64c-10-12 8-18 0-32M144 64c-10-12 8-18 0-32" fill="none" stroke="#d9b98c" stroke-width="5" stroke-linecap="round"/>
    <path d="M166 104h14a26 26 0 0 1 0 52h-16" fill="none" stroke="#8f3f1d" stroke-width="13"/>
    <path d="M68 82h104v62a44 44 0 0 1-44 44h-16a44 44 0 0 1-44-44z" fill="#c2592b"/>
    <path d="M68 82h104v26c-20 13-36-6-56 5s-32 5-48-3z" fill="#f0dcc0"/>
    <ellipse cx="120" cy="82" rx="52" ry="11" fill="#4a2717"/>
    <path d="M86 132v14a30 30 0 0 0 14 24" fill="none" stroke="#dd8258" stroke-width="6" stroke-linecap="round"/>`),
  kettle: still(html`
    <path d="M76 92c0-70 92-70 92 0" fill="none" stroke="#9a6436" stroke-width="10" stroke-linecap="round"/>
    <path d="M170 122l34-30 10 8-30 52z" fill="#2f6268"/>
    <path d="M66 104h110l14 62a24 24 0 0 1-24 26H76a24 24 0 0 1-24-26z" fill="#3d7d83"/>
    <path d="M80 104c4-18 20-26 41-26s37 8 41 26z" fill="#2f6268"/>
    <circle cx="121" cy="72" r="9" fill="#d9a441"/>
    <path d="M74 128l-6 34" stroke="#7fb6b8" stroke-width="7" stroke-linecap="round"/>`),
  lamp: still(html`
    <path d="M86 120l-40 76h148l-40-76z" fill="#f6c667" opacity=".28"/>
    <path d="M120 112v72" stroke="#b4832d" stroke-width="9"/>
    <ellipse cx="120" cy="192" rx="46" ry="11" fill="#8a611c"/>
    <path d="M92 44h56l26 76H66z" fill="#e9a23b"/>
    <path d="M92 44h20l-14 76H66z" fill="#f3bd68"/>
    <path d="M150 120v22" stroke="#8a611c" stroke-width="3"/><circle cx="150" cy="146" r="5" fill="#8a611c"/>`),
  candle: still(html`
    <circle cx="120" cy="68" r="46" fill="#f6c667" opacity=".25"/>
    <path d="M120 34c20 24 20 46 0 50-20-4-20-26 0-50z" fill="#e98f2e"/>
    <path d="M120 54c9 12 9 24 0 27-9-3-9-15 0-27z" fill="#fbe3a4"/>
    <path d="M120 80v20" stroke="#4a2717" stroke-width="4"/>
    <rect x="78" y="98" width="84" height="98" rx="12" fill="#e6bd72"/>
    <path d="M78 112c20-14 40 8 84-6v-2a8 8 0 0 0-8-6H86a8 8 0 0 0-8 8z" fill="#f3d594"/>
    <rect x="92" y="132" width="56" height="38" rx="4" fill="#fbf3e2"/>
    <path d="M104 146h32M104 157h20" stroke="#b4832d" stroke-width="4" stroke-linecap="round"/>`),
  throw: still(html`
    <rect x="48" y="66" width="144" height="40" rx="18" fill="#7d8f5a"/>
    <rect x="48" y="100" width="144" height="40" rx="18" fill="#93a66d"/>
    <rect x="48" y="134" width="144" height="46" rx="18" fill="#7d8f5a"/>
    <path d="M48 86c40-8 90 8 144 0M48 120c40-8 90 8 144 0M48 156c40-8 90 8 144 0" fill="none" stroke="#f0e6cf" stroke-width="4" stroke-dasharray="10 9"/>
    <path d="M64 180v16M80 180v16M96 180v16M112 180v16M128 180v16M144 180v16M160 180v16M176 180v16" stroke="#66764a" stroke-width="4" stroke-linecap="round"/>`),
  tote: still(html`
    <path d="M86 100c0-76 68-76 68 0" fill="none" stroke="#b98d55" stroke-width="9"/>
    <path d="M62 94h116l10 100H52z" fill="#ecd9b8"/>
    <path d="M62 94h30l-8 100H52z" fill="#f5e8cf"/>
    <circle cx="124" cy="146" r="24" fill="#c2592b"/>
    <path d="M124 130c8 8 8 24 0 32M112 138c6 4 18 4 24 0" fill="none" stroke="#f5e8cf" stroke-width="4" stroke-linecap="round"/>
    <path d="M124 122c2-10 10-14 18-14-2 10-8 14-18 14z" fill="#7d8f5a"/>`),
  notebook: still(html`
    <path d="M74 48h100a10 10 0 0 1 10 10v128a10 10 0 0 1-10 10H74z" fill="#f7ecd6"/>
    <path d="M66 42h100a10 10 0 0 1 10 10v128a10 10 0 0 1-10 10H66a8 8 0 0 1-8-8V50a8 8 0 0 1 8-8z" fill="#4f5d75"/>
    <path d="M58 50a8 8 0 0 1 8-8h14v148H66a8 8 0 0 1-8-8z" fill="#3b4659"/>
    <path d="M152 42v148" stroke="#d9a441" stroke-width="7"/>
    <rect x="94" y="72" width="44" height="28" rx="3" fill="#f7ecd6"/>
    <path d="M102 82h28M102 90h18" stroke="#4f5d75" stroke-width="3" stroke-linecap="round"/>`),
  print: still(html`
    <rect x="54" y="34" width="132" height="168" rx="4" fill="#a9793f"/>
    <rect x="64" y="44" width="112" height="148" fill="#fbf3e2"/>
    <rect x="76" y="56" width="88" height="124" fill="#f6cf96"/>
    <circle cx="120" cy="122" r="27" fill="#e4683a"/>
    <path d="M76 128c24-14 44 10 88-8v60H76z" fill="#c2592b"/>
    <path d="M76 150c30-12 52 12 88-4v34H76z" fill="#6e3b2a"/>`),
};

function still(shapes: Html): Html {
  return html`<svg viewBox="0 0 240 240" aria-hidden="true" focusable="false"><ellipse cx="120" cy="198" rx="80" ry="9" fill="#000" opacity=".1"/>${shapes}</svg>`;
}
