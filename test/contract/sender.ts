import { isMailError, type MailError } from '../../mail/errors';
import type { ComposedMessage, Delivery, Sender } from '../../mail/ports';

/** What a server does with the next mails. */
export type ServerMood =
	| 'accepts'
	/** One recipient, whose address starts with `bob`, is refused for good. */
	| 'refusesBob'
	/** The same recipient is put off. */
	| 'putsBobOff'
	| 'refusesAll'
	/** Nothing is taken now. */
	| 'busy'
	/** Takes the mail and ends the connection without an answer. */
	| 'losesReply';

/** A server for a sender, in the hands of the test. */
export interface SenderStage {
	readonly sender: Sender;
	/** Mails that the server has taken, as far as it knows. */
	readonly taken: ReadonlyArray<{ readonly to: readonly string[] }>;
	setMood(mood: ServerMood): void;
	close(): Promise<void>;
}

/** What a protocol cannot do, by its reason; the promise is then not asked for. */
export interface SenderLimits {
	/** It says nothing of single recipients. */
	readonly noRecipientAnswers?: string;
}

/** What every way of sending promises, whatever the protocol. */
export function describeSender(
	name: string,
	open: () => Promise<SenderStage>,
	toMessage: (to: readonly string[]) => ComposedMessage | Promise<ComposedMessage>,
	{ noRecipientAnswers }: SenderLimits = {},
): void {
	const itOfRecipients = (title: string, run: () => Promise<void>) => {
		if (noRecipientAnswers === undefined) it(title, run);
		else it.skip(`${title}: ${noRecipientAnswers}`, run);
	};

	describe(`${name} as a sender`, () => {
		let stage: SenderStage;
		beforeEach(async () => {
			stage = await open();
		});
		afterEach(async () => await stage.close());

		const ann = 'ann@example.test';
		const bob = 'bob@example.test';
		const send = async (to = [ann], signal?: AbortSignal): Promise<Delivery> =>
			await stage.sender.send(await toMessage(to), signal);
		const failure = async (to = [ann], signal?: AbortSignal): Promise<MailError> => {
			const error: unknown = await send(to, signal).then(
				() => new Error('It should have failed.'),
				(thrown: unknown) => thrown,
			);
			if (isMailError(error)) return error;
			throw error;
		};

		it('tells who was accepted, and what the server said', async () => {
			expect(await send([ann, bob])).toMatchObject({ accepted: [ann, bob], rejected: [] });
			expect(stage.taken).toEqual([expect.objectContaining({ to: [ann, bob] })]);
		});

		itOfRecipients('sends to those who are accepted, and names the others', async () => {
			stage.setMood('refusesBob');
			const delivery = await send([ann, bob]);
			expect(delivery.accepted).toEqual([ann]);
			expect(delivery.rejected).toMatchObject([{ address: bob, temporary: false }]);
			expect(delivery.rejected[0]?.reply).not.toBe('');
		});

		itOfRecipients('tells a recipient that is put off from one that is refused', async () => {
			stage.setMood('putsBobOff');
			expect((await send([ann, bob])).rejected).toMatchObject([{ address: bob, temporary: true }]);
		});

		it('fails where nobody is accepted, and may then not be tried again', async () => {
			stage.setMood('refusesAll');
			expect(await failure()).toMatchObject({ code: 'recipient.rejected', retryable: false });
			expect(stage.taken).toHaveLength(0);
		});

		it('says that the same mail may be taken later', async () => {
			stage.setMood('busy');
			expect(await failure()).toMatchObject({ code: 'server.throttled', retryable: true });
			stage.setMood('accepts');
			expect((await send()).accepted).toEqual([ann]);
		});

		it('says that it does not know where the answer is lost', async () => {
			stage.setMood('losesReply');
			expect(await failure()).toMatchObject({ code: 'send.uncertain', retryable: false });
			expect(stage.taken).toHaveLength(1);
		});

		it('knows what became of it later, where the server keeps what it sends', async () => {
			const { keeper } = stage.sender;
			if (keeper === undefined) return;
			const message = await toMessage([ann]);
			stage.setMood('losesReply');
			const doubt: unknown = await stage.sender.send(message).catch((error: unknown) => error);
			stage.setMood('accepts');
			if (!isMailError(doubt)) throw new Error('It should have failed.');
			expect(await keeper.fateOf(message, doubt)).toMatchObject({
				status: 'sent',
				delivery: { accepted: [ann] },
			});
			expect(stage.taken).toHaveLength(1);
		});

		it('sends nothing once the execution is cancelled', async () => {
			expect(await failure([ann], AbortSignal.abort())).toMatchObject({ code: 'send.cancelled' });
			expect(stage.taken).toHaveLength(0);
		});

		it('sends many mails at once, each once', async () => {
			const all = Array.from({ length: 30 }, (_, index) => `r${index}@example.test`);
			await Promise.all(all.map(async (address) => await send([address])));
			expect(stage.taken.map(({ to }) => to[0]).sort()).toEqual([...all].sort());
		});
	});
}
