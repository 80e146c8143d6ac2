import fc from 'fast-check';
import { createGraphDriver } from '../../../../mail/drivers/graph';
import { mail } from '../../../contract/mailbox-driver';
import { graphConnector, startGraphTenant } from '../../../support/graph-mailbox';
import {
	badGateway,
	cut,
	throttled,
	unavailable,
} from '../../../support/microsoft-tenant/http/fault';
import type { MicrosoftTenant } from '../../../support/microsoft-tenant/tenant';
import { until } from '../../../support/real-watch';
import { WatchHost } from '../../../support/watch-host';
import { silentLog } from '../imap/imap-connector';
import type * as BriefPauses from './brief-pauses';

jest.mock('../../../../mail/limits', () =>
	jest
		.requireActual<typeof BriefPauses>('./brief-pauses')
		.withBriefPauses(jest.requireActual('../../../../mail/limits')),
);
/** `EMAIL_CONNECTORS_STORMS=50` for more of them. */
const STORMS = Number(process.env['EMAIL_CONNECTORS_STORMS'] ?? 3);
jest.setTimeout((1 + STORMS) * 60_000);

const pass = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));
const moment = fc.integer({ min: 0, max: 60 });

const answers = { throttled: throttled(), unavailable: unavailable(), badGateway, cut } as const;

/** What happens to a mailbox that is watched, and on the way to it. */
const happening = fc.oneof(
	{ weight: 4, arbitrary: fc.record({ kind: fc.constant('arrives' as const) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('isMovedIn' as const) }) },
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('leavesAndReturns' as const),
			which: fc.nat(20),
			ms: moment,
		}),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('isFlagged' as const) }) },
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('isForgotten' as const),
			answer: fc.constantFrom('gone', 'syncStateNotFound', 'resyncRequired'),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant('fails' as const),
			answer: fc.constantFrom('throttled', 'unavailable', 'badGateway', 'cut'),
			when: fc.constantFrom('before', 'after'),
			times: fc.integer({ min: 1, max: 3 }),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('isKilled' as const) }) },
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constant('passes' as const),
			ms: moment,
		}),
	},
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** A watched mailbox, and what is known of its mails. */
class Storm {
	readonly #host = new WatchHost();
	readonly #mailbox;
	readonly #driver;
	readonly #elsewhere;
	readonly #arrived: string[] = [];
	/** Given when n8n was killed, and nothing on the server told so yet: these may come again. */
	readonly #mayComeTwice = new Set<string>();

	constructor(
		private readonly tenant: MicrosoftTenant,
		address: string,
	) {
		tenant.addUser(address);
		this.#mailbox = tenant.mailbox(address);
		this.#elsewhere = this.#mailbox.addFolder('Elsewhere');
		this.#driver = createGraphDriver(graphConnector(tenant, address), silentLog, { pollMs: 10 });
	}

	async begin(): Promise<void> {
		await this.#host.watch(this.#driver).listening;
	}

	async meet(happens: Happening): Promise<void> {
		switch (happens.kind) {
			case 'arrives':
				await this.#mailbox.deliver(mail(this.#nextSubject()));
				return;
			case 'isMovedIn': {
				const dayBefore = new Date(Date.now() - 24 * 60 * 60_000);
				const source = mail(this.#nextSubject());
				const where = { folder: this.#elsewhere.id, receivedAt: dayBefore };
				const message = await this.#mailbox.deliver(source, where);
				this.#mailbox.move(message, this.#inbox);
				return;
			}
			case 'leavesAndReturns': {
				const message = this.#mailbox.messagesIn(this.#inbox)[happens.which];
				if (message === undefined) return;
				// Whoever leaves before it is finished is given when it comes back.
				if (!message.content.isRead) this.#mayComeTwice.add(message.content.subject);
				this.#mailbox.move(message, this.#elsewhere);
				await pass(happens.ms);
				this.#mailbox.move(message, this.#inbox);
				return;
			}
			case 'isFlagged': {
				const message = this.#handled.at(-1);
				if (message !== undefined) this.#mailbox.update(message, { isRead: true });
				return;
			}
			case 'isForgotten':
				this.tenant.delta.expireAll(happens.answer);
				return;
			case 'fails':
				this.tenant.faults.add({ ...happens, answer: answers[happens.answer] });
				return;
			case 'isKilled':
				for (const subject of this.#host.subjects) {
					if (!this.#isRead(subject)) this.#mayComeTwice.add(subject);
				}
				this.#host.watchAfterKill(this.#driver);
				return;
			case 'passes':
				await pass(happens.ms);
		}
	}

	/** Lets everything come to its end; what was lost, and what came twice without a reason. */
	async end(): Promise<{ lost: string[]; twice: string[]; faults: unknown[] }> {
		const host = this.#host;
		const lost = () => this.#arrived.filter((subject) => !host.subjects.includes(subject));
		await until(() => lost().length === 0, 60_000).catch(() => undefined);
		await until(() => this.#arrived.every((subject) => this.#isRead(subject)), 60_000).catch(
			() => undefined,
		);
		// Were there anything to come twice, it would come now.
		await pass(100);
		const twice = host.subjects.filter(
			(subject, index) =>
				host.subjects.indexOf(subject) !== index && !this.#mayComeTwice.has(subject),
		);
		await host.close(async () => await Promise.resolve());
		return { lost: lost(), twice, faults: host.faults };
	}

	get #inbox() {
		return this.#mailbox.folder('inbox');
	}

	get #handled() {
		return this.#mailbox.messagesIn(this.#inbox).filter(({ content }) => content.isRead);
	}

	#isRead(subject: string): boolean {
		return this.#handled.some(({ content }) => content.subject === subject);
	}

	#nextSubject(): string {
		const subject = `mail ${this.#arrived.length + 1}`;
		this.#arrived.push(subject);
		return subject;
	}
}

/** What fails, or is forgotten, hits whichever of these mailboxes asks next. */
const SIDE_BY_SIDE = 4;

test('mailboxes in a storm lose no mail, and give none twice but what a kill has caught in the open', async () => {
	const tenant = await startGraphTenant();
	let mailboxes = 0;
	const weather = fc.array(happening, { minLength: 20, maxLength: 60 });
	const weathers = fc.array(weather, { minLength: SIDE_BY_SIDE, maxLength: SIDE_BY_SIDE });
	try {
		await fc.assert(
			fc.asyncProperty(weathers, async (storms) => {
				const ends = storms.map(async (happenings) => {
					const storm = new Storm(tenant, `storm${++mailboxes}@contoso.example`);
					await storm.begin();
					for (const happens of happenings) await storm.meet(happens);
					return await storm.end();
				});
				for (const end of await Promise.all(ends)) {
					expect(end).toEqual({ lost: [], twice: [], faults: [] });
				}
				tenant.faults.clear();
			}),
			{ numRuns: STORMS, endOnFailure: true },
		);
	} finally {
		await tenant.close();
	}
});
