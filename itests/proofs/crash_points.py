"""The named points at which the crash proof kills the server: class, method, its entry or its return, the how-manieth time, and what that is."""

P = "org.posthorn."
POINTS = [
    # A mail on its way in.
    (P + "spool.JournalSpool", "commit", "entry", 1, "before the mail is appended"),
    (P + "spool.SegmentWriter", "flush", "return", 6, "appended, not forced"),
    (P + "spool.SegmentWriter", "force", "return", 6, "forced, nobody was told"),
    (P + "spool.JournalSpool", "commit", "return", 1, "forced, not answered"),
    (P + "smtp.DataCommand", "end", "return", 1, "answered"),
    # Onto the shelf.
    (P + "mailbox.Checkpoint", "note", "return", 1, "the journal was told of the shelf, the mail is not there yet"),
    (P + "mailbox.maildir.TmpFile", "place", "entry", 1, "Maildir: before the rename"),
    (P + "mailbox.maildir.TmpFile", "place", "return", 1, "Maildir: renamed, not in the index"),
    (P + "mailbox.mbox.MboxFolder", "append", "entry", 1, "mbox: before the append"),
    (P + "mailbox.mbox.StagedMessage", "writeTo", "return", 1, "mbox: appended, locked"),
    (P + "mailbox.mbox.MboxFolder", "append", "return", 1, "mbox: appended, not in the index"),
    # Checkpoint and forget.
    (P + "mailbox.Arrival", "durable", "entry", 1, "an alias to several: before one of them is placed"),
    (P + "mailbox.Arrival", "force", "return", 1, "an alias to several: one of them is safe"),
    (P + "mailbox.Box", "settle", "entry", 1, "before the checkpoint"),
    (P + "mailbox.Box", "forceShelf", "return", 1, "the shelf is forced, the journal has the mail"),
    (P + "spool.JournalSpool", "settle", "entry", 1, "before the journal forgets"),
    (P + "spool.JournalSpool", "settle", "return", 1, "the journal may forget, it is not written"),
    # Put off, taken up, sent back.
    (P + "queue.Aftermath", "keep", "entry", 1, "before the octets are kept"),
    (P + "spool.KeptFiles", "keep", "return", 1, "the octets are kept, the store does not know"),
    (P + "queue.sql.SqlQueueStore", "put", "return", 1, "the store has it, the journal too"),
    (P + "queue.Waits", "takeDue", "entry", 2, "before mail is taken up again"),
    (P + "queue.sql.SqlQueueStore", "remove", "entry", 1, "delivered, still in the store"),
    (P + "queue.sql.SqlQueueStore", "remove", "return", 1, "out of the store, the octets are still kept"),
    (P + "spool.KeptFiles", "drop", "return", 1, "the octets are dropped"),
    (P + "queue.Bounces", "commit", "entry", 1, "before a report is written"),
    (P + "queue.Bounces", "commit", "return", 1, "the report is safe, its cause is not settled"),
    (P + "delivery.smtp.Transaction", "run", "return", 2, "the remote end has answered, nobody here knows"),
    # What a reader does.
    (P + "mailbox.UserMailbox", "appendOwn", "entry", 1, "APPEND: before"),
    (P + "mailbox.UserMailbox", "appendOwn", "return", 1, "APPEND: forced, not answered"),
    (P + "mailbox.FlagStore", "run", "return", 1, "STORE: done, not answered"),
    (P + "mailbox.Transfer", "moved", "entry", 1, "MOVE: before"),
    (P + "mailbox.Arrival", "placeAll", "return", 1, "MOVE: in the target, not forced"),
    (P + "mailbox.Checkpoint", "gone", "entry", 1, "MOVE: the target is forced, the journal does not know"),
    (P + "mailbox.Removal", "remove", "entry", 1, "MOVE: still in both"),
    (P + "mailbox.Removal", "remove", "return", 1, "MOVE: in the target only, the source not forced"),
    (P + "mailbox.Removal", "durable", "entry", 1, "EXPUNGE: before"),
    (P + "mailbox.Removal", "durable", "return", 1, "EXPUNGE: forced, not answered"),
    (P + "mailbox.mbox.Rewrite", "plan", "return", 1, "mbox: the rewrite is planned, the file is as it was"),
    (P + "mailbox.mbox.Rewrite", "apply", "return", 1, "mbox: rewritten, the plan is still there"),
]
