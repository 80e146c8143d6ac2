/** The page on which a user agrees: a browser test presses `#accept` or `#cancel`. */
export function toConsentForm(action: string): string {
	const target = action.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
	return `<!doctype html><html lang="en"><head><title>Sign in</title></head><body>
<form method="post" action="${target}">
<button id="cancel" name="decision" value="cancel">Cancel</button>
<button id="accept" name="decision" value="accept">Continue</button>
</form></body></html>`;
}
