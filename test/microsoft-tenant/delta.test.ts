import { startMicrosoftTenant, type MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { createCall, immutable, toRaw, type Call } from './client';

let tenant: MicrosoftTenant;
let call: Call;
const start = '/me/mailFolders/inbox/messages/delta';

beforeEach(async () => {
	tenant = await startMicrosoftTenant();
	const anna = tenant.addUser('anna@contoso.example');
	const application = tenant.registerApplication({ delegatedPermissions: ['Mail.ReadWrite'] });
	call = createCall(tenant, tenant.tokenFor(application, anna));
});
afterEach(async () => {
	await tenant.close();
});

const inbox = () => tenant.mailbox('anna@contoso.example');

interface Item {
	readonly id: string;
	readonly subject?: string;
	readonly '@removed'?: unknown;
	readonly isRead?: boolean;
}

/** Follows a round to its end. */
async function round(from: string, pageSize = 2) {
	const items: Item[] = [];
	const pages: number[] = [];
	for (let link = from; ;) {
		const { body } = await call('GET', link, {
			prefer: `${immutable}, odata.maxpagesize=${pageSize}`,
		});
		items.push(...body.value);
		pages.push(body.value.length);
		if (body['@odata.deltaLink'] !== undefined) {
			return { items, pages, deltaLink: String(body['@odata.deltaLink']) };
		}
		link = body['@odata.nextLink'];
	}
}

describe('changes of a folder', () => {
	it('are told page by page, then from where the last round ended', async () => {
		for (let number = 1; number <= 5; number++) await inbox().deliver(toRaw(`Mail ${number}`));
		const first = await round(start);
		expect(first.pages).toEqual([2, 2, 1]);
		expect(first.items).toHaveLength(5);
		expect((await round(first.deltaLink)).items).toEqual([]);
		const made = await inbox().deliver(toRaw('Mail 6'));
		const second = await round(first.deltaLink);
		expect(second.items).toMatchObject([{ id: made.immutableId, subject: 'Mail 6' }]);
	});

	it('include what was removed, moved away or only read, whatever was asked for', async () => {
		const [deleted, moved, read] = [
			await inbox().deliver(toRaw('Delete')),
			await inbox().deliver(toRaw('Move')),
			await inbox().deliver(toRaw('Read')),
		];
		const { deltaLink } = await round(`${start}?changeType=created`);
		inbox().remove(deleted);
		inbox().move(moved, inbox().folder('archive'));
		inbox().update(read, { isRead: true });
		const { items } = await round(deltaLink, 10);
		expect(items).toEqual([
			expect.objectContaining({ id: deleted.immutableId, '@removed': { reason: 'deleted' } }),
			expect.objectContaining({ id: moved.immutableId, '@removed': { reason: 'deleted' } }),
			expect.objectContaining({ id: read.immutableId, isRead: true }),
		]);
		expect(items[2]).not.toHaveProperty('subject');
	});

	it('can come with empty pages and repeated items', async () => {
		for (let number = 1; number <= 3; number++) await inbox().deliver(toRaw(`Mail ${number}`));
		tenant.delta.emptyPages = 1;
		tenant.delta.repeatsItems = true;
		const { items, pages } = await round(start);
		expect(pages).toContain(0);
		expect(items.length).toBeGreaterThan(3);
		expect(new Set(items.map(({ id }) => id)).size).toBe(3);
	});

	it.each([
		['gone', 410, 'SyncStateNotFound'],
		['syncStateNotFound', 404, 'syncStateNotFound'],
		['resyncRequired', 410, 'resyncRequired'],
	] as const)('end with %s when the token is forgotten', async (how, status, code) => {
		const { deltaLink } = await round(start);
		tenant.delta.expireAll(how);
		expect(await call('GET', deltaLink)).toMatchObject({ status, body: { error: { code } } });
		expect((await call('GET', start)).status).toBe(200);
	});

	it('cannot be followed for a whole mailbox', async () => {
		const { status, body } = await call('GET', '/me/messages/delta');
		expect(status).toBe(400);
		expect(body.error.message).toContain('Change tracking is not supported');
	});
});
