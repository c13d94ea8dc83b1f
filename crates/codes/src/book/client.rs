//! What client libraries say themselves, without the Gateway.

use crate::Line;
use crate::line::lines;

pub(super) const LINES: &[Line] = lines! {
    501 Client 1 Never Official "Already connected"
        "The program called connect while its connection was up."
        "Nothing to do; the first connection is used." ;
    502 Client 4 Never Official "No connection to the Gateway"
        "Nothing accepted the connection: the Gateway is not running, listens on another port, has socket clients switched off, or does not trust this address."
        "Let the doctor check the Gateway, its port, the setting for socket clients and the trusted addresses." ;
    503 Client 3 Never Official "Gateway too old for the request"
        "The library asks for something that this version of the Gateway does not offer."
        "Update the Gateway, or leave the newer field out of the request." ;
    504 Client 3 Never Official "Not connected"
        "The program sent a request while no connection was up, perhaps because an earlier error ended it."
        "Let the bot connect again and wait for its first order id before it sends." ;
    505 Client 4 Never Official "Unknown kind of message"
        "The library received a message that it has no name for, so it cannot read on."
        "Update the client library, then connect again." ;
    506 Client 4 Never Official "Version not supported"
        "Library and Gateway have no version of the protocol in common."
        "Update the older of the two." ;
    507 Client 4 Never Official "Connection ended while reading"
        "The Gateway closed the connection: most often the client id is in use, else the Gateway was locked, restarted or stopped."
        "Check that no other program uses this client id, then connect again." ;
    508 Client 4 Never Official "Message could not be read"
        "The library could not make sense of the bytes that it received."
        "Connect again, and update the client library if it happens twice." ;
    509 Client 4 Never Official "Error while reading the socket"
        "The operating system reported an error on the connection."
        "Connect again, and look at the network if it happens often." ;
    510 ..= 516 Client 2 Never Official "Request could not be sent"
        "The library was not able to put the request on the wire: a field that cannot be written, or a connection that is gone."
        "Look at the request's fields, connect again and send it once more." ;
    517 Client 2 Never Official "Contract not accepted by the library"
        "The library does not know the contract of the request."
        "Complete the contract with its number, exchange and currency." ;
    518 ..= 519 Client 2 Never Official "Request could not be sent"
        "The library was not able to put the request on the wire: a field that cannot be written, or a connection that is gone."
        "Look at the request's fields, connect again and send it once more." ;
    520 Client 4 Never Official "No socket from the system"
        "The operating system gave the program no socket: too many are open, or a firewall forbids it."
        "Close what is not needed, raise the limit of open files, or allow the program in the firewall." ;
    521 ..= 578 Client 2 Never Official "Request could not be sent"
        "The library was not able to put the request on the wire: a field that cannot be written, or a connection that is gone."
        "Look at the request's fields, connect again and send it once more." ;
    579 Client 2 Never Official "Character that cannot be sent"
        "A text field of the request holds a letter outside plain ASCII, such as an accent or a typographic quote."
        "Take the letter out of the field and send the request again." ;
    580 ..= 584 Client 2 Never Official "Request could not be sent"
        "The library was not able to put the request on the wire: a field that cannot be written, or a connection that is gone."
        "Look at the request's fields, connect again and send it once more." ;
    585 Client 2 Never Official "Advisor profiles are gone"
        "The broker replaced profiles of advisors with groups, and the library refuses the old word."
        "Ask for groups instead of profiles." ;
    586 Client 3 Never Official "Reading without a connection"
        "The library tried to read after its connection had ended."
        "Let the bot connect again." ;
    587 ..= 589 Client 2 Never Official "Request could not be sent"
        "The library was not able to put the request on the wire: a field that cannot be written, or a connection that is gone."
        "Look at the request's fields, connect again and send it once more." ;
};
