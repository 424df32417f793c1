"""What every provider behind Pulumi's provider protocol does: values on the wire, inputs, a server for this user."""
