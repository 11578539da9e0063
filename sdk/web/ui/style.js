// @ts-check
/** What all parts look like. A page that wants other colours sets the custom properties on `tsuwa-phone`. */

import { sheet } from "./dom.js";

export const base = sheet(`
:host {
  --bg: var(--tsuwa-background, light-dark(#f7f7f5, #16181b));
  --card: var(--tsuwa-surface, light-dark(#ffffff, #212429));
  --fg: var(--tsuwa-text, light-dark(#1c1d1f, #eceded));
  --soft: var(--tsuwa-text-soft, light-dark(#5d6066, #a5a9b0));
  --line: var(--tsuwa-line, light-dark(#e3e3df, #33373d));
  --accent: var(--tsuwa-accent, light-dark(#0b6b5c, #5fd0b8));
  --on-accent: var(--tsuwa-on-accent, light-dark(#ffffff, #06231d));
  --ok: var(--tsuwa-accept, #1f9d55);
  --danger: var(--tsuwa-decline, #d23b3b);
  --radius: var(--tsuwa-radius, 16px);
  color: var(--fg);
  font: 400 1rem/1.45 var(--tsuwa-font, system-ui, "Hiragino Sans", "Noto Sans CJK JP", "PingFang SC", sans-serif);
  box-sizing: border-box;
}
:host([hidden]), [hidden] { display: none !important; }
*, *::before, *::after { box-sizing: border-box; }
h1, h2, p, ul, ol { margin: 0; padding: 0; }
ul, ol { list-style: none; }
button, input, select { font: inherit; color: inherit; }
button { cursor: pointer; border: 0; background: none; }
button:disabled { cursor: default; opacity: .45; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
svg { width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; display: block; }
.round { width: 48px; height: 48px; border-radius: 50%; display: grid; place-items: center; flex: none; color: var(--fg); background: light-dark(#ececea, #2e3238); transition: background .15s, transform .1s; }
.round:hover:not(:disabled) { background: light-dark(#e0e0dd, #3a3f46); }
.round:active:not(:disabled) { transform: scale(.95); }
.round.ok { background: var(--ok); color: #fff; }
.round.ok:hover:not(:disabled) { background: color-mix(in srgb, var(--ok), #000 12%); }
.round.danger { background: var(--danger); color: #fff; }
.round.danger:hover:not(:disabled) { background: color-mix(in srgb, var(--danger), #000 12%); }
.round.quiet { background: transparent; color: var(--soft); width: 40px; height: 40px; }
.round.quiet:hover:not(:disabled) { background: light-dark(#ececea, #2e3238); }
.round[aria-pressed="true"] { background: var(--fg); color: var(--bg); }
.main { background: var(--accent); color: var(--on-accent); border-radius: 12px; padding: .8rem 1.2rem; font-weight: 600; }
.main:hover:not(:disabled) { background: color-mix(in srgb, var(--accent), var(--fg) 12%); }
input, select { width: 100%; min-width: 0; padding: .75rem .9rem; border-radius: 12px; border: 1px solid var(--line); background: var(--card); }
input::placeholder { color: var(--soft); opacity: 1; }
label { display: grid; gap: .35rem; font-size: .9rem; color: var(--soft); }
label input, label select { font-size: 1rem; color: var(--fg); }
.avatar { --size: 44px; width: var(--size); height: var(--size); border-radius: 50%; display: inline-grid; place-items: center; flex: none; font-size: calc(var(--size) * .36); font-weight: 600; letter-spacing: .02em; background: hsl(var(--hue) 45% 42%); color: #fff; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
.error { color: light-dark(#a61b1b, #ff9a9a); }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-reduced-motion: reduce) { *, *::before, *::after { animation: none !important; transition: none !important; } }
`);
