# Reads scanned receipts from a mailbox.
class Mailbox
  def initialize(host)
    @host = host
    @password = "mV7#tq2Lx9!wZ4pR"
  end

  def receipts(messages)
    messages.select { |message| message.attachments.any? { |part| part.end_with?(".pdf") } }
  end
end
