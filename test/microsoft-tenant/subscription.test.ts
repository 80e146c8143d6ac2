import { listen, type Listener } from '../support/microsoft-tenant/http/listener';
import { startMicrosoftTenant, type MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { createCall, toRaw, type Call } from './client';

let tenant: MicrosoftTenant;
let hook: Listener;
let call: Call;
let notices: Array<Record<string, unknown>>;
let isGoodHook: boolean;

beforeEach(async () => {
	notices = [];
	isGoodHook = true;
	tenant = await startMicrosoftTenant();
	hook = await listen(async ({ query, body }) => {
		const token = query.get('validationToken');
		if (token !== null) {
			return {
				status: 200,
				headers: { 'content-type': 'text/plain' },
				body: isGoodHook ? token : '',
			};
		}
		notices.push(...JSON.parse(body.toString()).value);
		return { status: 202 };
	});
	const anna = tenant.addUser('anna@contoso.example');
	const application = tenant.registerApplication({ delegatedPermissions: ['Mail.ReadWrite'] });
	call = createCall(tenant, tenant.tokenFor(application, anna));
});
afterEach(async () => {
	await tenant.close();
	await hook.close();
});

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const subscribe = async (days = 6) =>
	await call('POST', '/subscriptions', {
		body: {
			changeType: 'created',
			notificationUrl: `${hook.origin}/hook`,
			lifecycleNotificationUrl: `${hook.origin}/life`,
			resource: "me/mailFolders('inbox')/messages",
			expirationDateTime: inDays(days),
			clientState: 'secret',
		},
	});

describe('change notifications', () => {
	it('come for what was asked, until they are given up', async () => {
		const { status, body } = await subscribe();
		expect(status).toBe(201);
		const mailbox = tenant.mailbox('anna@contoso.example');
		const message = await mailbox.deliver(toRaw('New'));
		mailbox.update(message, { isRead: true });
		await mailbox.deliver(toRaw('Elsewhere'), { folder: 'archive' });
		await tenant.subscriptions.settle();
		expect(notices).toMatchObject([{ changeType: 'created', clientState: 'secret' }]);
		await tenant.subscriptions.tellLifecycle('missed');
		expect(notices[1]).toMatchObject({ lifecycleEvent: 'missed', subscriptionId: body.id });
		expect((await call('DELETE', `/subscriptions/${body.id}`)).status).toBe(204);
		await mailbox.deliver(toRaw('Late'));
		await tenant.subscriptions.settle();
		expect(notices).toHaveLength(2);
	});

	it('need an address that answers the handshake, and last seven days at most', async () => {
		expect((await subscribe(8)).status).toBe(400);
		const { body } = await subscribe();
		const renewed = await call('PATCH', `/subscriptions/${body.id}`, {
			body: { expirationDateTime: inDays(6.5) },
		});
		expect(renewed.body.expirationDateTime > body.expirationDateTime).toBe(true);
		isGoodHook = false;
		expect((await subscribe()).body.error.message).toContain('validation request failed');
	});
});

describe('batches', () => {
	it('answer each part for itself, and skip what depends on a failure', async () => {
		const { body } = await call('POST', '/$batch', {
			body: {
				requests: [
					{ id: '1', method: 'GET', url: '/me/mailFolders/inbox?$select=id' },
					{ id: '2', method: 'GET', url: '/me/messages/none' },
					{ id: '3', method: 'GET', url: '/me/messages', dependsOn: ['2'] },
				],
			},
		});
		expect(body.responses).toMatchObject([
			{ id: '1', status: 200, body: { id: expect.any(String) } },
			{ id: '2', status: 404, body: { error: { code: 'ErrorItemNotFound' } } },
			{ id: '3', status: 424 },
		]);
	});
});
