import { accessSync, constants } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Locator, type Page, chromium } from 'playwright-core';
import type { N8nClient } from '../../tools/n8n/rest';
import { BROWSER_ID, SIGN_IN_COOKIE } from '../../tools/n8n/rest-session';

/** `$CHROMIUM_PATH`, else where Debian, Ubuntu, macOS and Google put it. */
const PLACES = [
	process.env['CHROMIUM_PATH'] ?? '',
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/snap/bin/chromium',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** As root there is no sandbox; the rest keeps the browser from calling its maker. */
const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

function findChromium(): string {
	const found = PLACES.find((path) => path !== '' && isExecutable(path));
	if (found !== undefined) return found;
	throw new Error(
		'The tests of the editor need Chromium: install the Debian package chromium, or set CHROMIUM_PATH to its program.',
	);
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/** Of the browser's window, in pixels. */
const WIDTH = 1400;
const HEIGHT = 900;

/** Empty boxes that the code editor leaves in the corner of the page for its tooltips. */
const LEFTOVERS = '#cm-tooltip-container { display: none }';

/** n8n's editor in a browser, signed in as the owner. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		readonly url: string,
	) {}

	/** Goes on with the client's sign-in: n8n takes five of them a minute. */
	static async open(client: N8nClient): Promise<Editor> {
		const browser = await chromium.launch({ executablePath: findChromium(), args: FLAGS });
		try {
			return await Editor.#start(browser, client);
		} catch (error) {
			await browser.close();
			throw error;
		}
	}

	static async #start(browser: Browser, { url, cookie }: N8nClient): Promise<Editor> {
		const viewport = { width: WIDTH, height: HEIGHT };
		const page = await browser.newPage({
			viewport,
			deviceScaleFactor: 1,
			locale: 'en-GB',
			// Sign-in pages of the tests have certificates of their own.
			ignoreHTTPSErrors: true,
		});
		page.setDefaultTimeout(30_000);
		await page.context().addCookies([{ name: SIGN_IN_COOKIE, value: cookie, url }]);
		await page.addInitScript((id) => localStorage.setItem('n8n-browserId', id), BROWSER_ID);
		await page.goto(`${url}/home/workflows`);
		return new Editor(browser, page, url);
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	/** An element by the name that n8n gives it for tests. */
	part(name: string): Locator {
		return this.page.getByTestId(name);
	}

	/** The box of a parameter or credential field, wherever it is shown. */
	field(name: string): Locator {
		return this.part(`parameter-input-${name}`);
	}

	async fill(name: string, value: string | number): Promise<void> {
		await this.field(name).locator('input, textarea').first().fill(String(value));
	}

	/** What a drop-down shows. */
	async choiceOf(name: string): Promise<string> {
		return await this.field(name).locator('input').first().inputValue();
	}

	async choose(name: string, choice: string): Promise<void> {
		await this.field(name).click();
		const title = this.page.getByText(choice, { exact: true });
		await this.page.getByRole('option').filter({ has: title, visible: true }).click();
	}

	/** Closes what n8n says in the corner. */
	async closeMessages(): Promise<void> {
		const closers = this.page.locator('.el-notification__closeBtn');
		while ((await closers.count()) > 0) {
			await closers.first().click();
			await this.page.locator('.el-notification').last().waitFor({ state: 'detached' });
		}
	}

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.node().first().waitFor();
		await this.part('zoom-to-fit').click();
	}

	/** A node on the canvas, all of them without a name. */
	node(name?: string): Locator {
		return name === undefined
			? this.part('canvas-node')
			: this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/**
	 * The picture for the documentation: into `docs/images` with `UPDATE_SCREENSHOTS=1`, otherwise into a temporary
	 * folder, so that a test run changes nothing. `height` in pixels, chosen so that no field is cut. Returns its path.
	 */
	async takePicture(name: string, height = HEIGHT): Promise<string> {
		const folder = await pictureFolder();
		await this.page.setViewportSize({ width: WIDTH, height });
		// Nothing is to blink or be pointed at.
		await this.page.mouse.move(0, 0);
		const path = join(folder, `${name}.png`);
		await this.page.screenshot({ path, animations: 'disabled', caret: 'hide', style: LEFTOVERS });
		await this.page.setViewportSize({ width: WIDTH, height: HEIGHT });
		return path;
	}
}

async function pictureFolder(): Promise<string> {
	if (process.env['UPDATE_SCREENSHOTS'] === '1') {
		return join(__dirname, '..', '..', 'docs', 'images');
	}
	const folder = join(tmpdir(), 'email-connectors-pictures');
	await mkdir(folder, { recursive: true });
	return folder;
}
