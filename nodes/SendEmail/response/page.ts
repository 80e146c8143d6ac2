import { createHash } from 'node:crypto';
import { escapeHtml } from '../../../mail/html-escape';

const STYLE = `
body { margin: 0; padding: 1.5rem 1rem; background: #f5f6f8; color: #1f2328; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 0 auto; padding: 1.5rem; background: #fff; border: 1px solid #d8dce2; border-radius: 8px; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.35rem; line-height: 1.3; }
.text { white-space: pre-line; }
form { margin-top: 1.5rem; }
label, .label { display: block; margin-bottom: .25rem; font-weight: 600; }
.field { margin-bottom: 1.25rem; }
.tick label { display: inline; font-weight: 400; }
.required::after { content: " *"; color: #b42318; }
input:not([type=checkbox]), select, textarea { box-sizing: border-box; width: 100%; padding: .6rem; border: 1px solid #8c95a1; border-radius: 6px; background: #fff; color: inherit; font: inherit; }
textarea { min-height: 8rem; }
.problem { margin: .25rem 0 0; color: #b42318; }
button { width: 100%; padding: .8rem 1.5rem; border: 0; border-radius: 6px; background: #1a7f37; color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
button.decline { background: #b42318; }
button:focus-visible, input:focus-visible, select:focus-visible, textarea:focus-visible { outline: 3px solid #5b9dff; outline-offset: 2px; }
`;

const styleHash = createHash('sha256').update(STYLE).digest('base64');

/** Nothing runs, nothing is loaded, the form goes back to where the page came from. */
const POLICY = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'`;

/**
 * For every page of ours. The address of a page is the right to answer: no other site learns it, no cache keeps it, no
 * search engine lists it. The sandbox parts the page from n8n, on whose host it lies.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
	'Content-Type': 'text/html; charset=utf-8',
	'Content-Security-Policy': `${POLICY}; frame-ancestors 'none'; sandbox allow-forms`,
	'Cache-Control': 'no-store',
	'Referrer-Policy': 'no-referrer',
	'X-Content-Type-Options': 'nosniff',
	'X-Frame-Options': 'DENY',
	'X-Robots-Tag': 'noindex, nofollow',
};

/**
 * A whole page that works without scripts. The policy stands in it too: n8n sets a header of its own for what it sends
 * for us. Without a language: the words are those of the workflow's author.
 *
 * @param title plain text
 * @param text plain text, its line breaks are kept
 * @param body HTML
 */
export function toPage(title: string, text: string, body = ''): string {
	return [
		'<!DOCTYPE html>',
		'<html>',
		'<head>',
		'<meta charset="utf-8">',
		`<meta http-equiv="Content-Security-Policy" content="${escapeHtml(POLICY)}">`,
		'<meta name="viewport" content="width=device-width, initial-scale=1">',
		'<meta name="referrer" content="no-referrer">',
		'<meta name="robots" content="noindex, nofollow">',
		`<title>${escapeHtml(title)}</title>`,
		`<style>${STYLE}</style>`,
		'</head>',
		'<body>',
		'<main>',
		`<h1>${escapeHtml(title)}</h1>`,
		text === '' ? '' : `<div class="text">${escapeHtml(text)}</div>`,
		body,
		'</main>',
		'</body>',
		'</html>',
		'',
	].join('\n');
}
