#include "simulate/call_phrases.h"

#include <array>

namespace eddy::phrases {

namespace {

constexpr std::array<std::string_view, 5> kGreetings = {
    "Good morning, you are speaking with @, how can I help you?",
    "Hello, this is @, what can I do for you today?", "Welcome, my name is @, how may I help?",
    "Good afternoon, @ speaking.", "Hi, thank you for calling, this is @."};

constexpr std::array<std::string_view, 5> kFarewells = {
    "Thank you for calling, have a nice day.", "You are welcome, goodbye @.",
    "I have sent it all by mail, goodbye.", "Good, then we are done, have a good one.",
    "Call us again if there is anything else."};

constexpr std::array<std::string_view, 20> kAgentPatterns = {
    "May I have your full name, please?",
    "Let me just look that up, one moment.",
    "Is that about the # or the #?",
    "I can see a # here under @.",
    "And when did this happen?",
    "The # would be part of that, yes.",
    "I am sorry to hear that.",
    "What is the # worth, roughly?",
    "You live in @, is that right?",
    "Then I will add the # for you.",
    "Would you like me to send you an offer?",
    "We also have something for the #, if you like.",
    "Do you have a # with us already?",
    "I understand, that is quite common with a #.",
    "It would start on the first of next month.",
    "Have you talked to @ about the # before?",
    "Let me write down the # and the #.",
    "Yes, of course.",
    "The price depends on the #.",
    "I will check with my colleague @ and come back to you."};

constexpr std::array<std::string_view, 26> kCustomerPatterns = {
    "Hi, I am calling because of my #.",
    "I have a question about the #.",
    "My name is @ and I live in @.",
    "Well, it is the # that worries me, and the # too.",
    "We have a # at home and also a #.",
    "Does it matter that the # is old?",
    "Yes, please.",
    "No, that was last year.",
    "I read about the # on your page.",
    "My wife says the # is not covered.",
    "How much would it be with the #?",
    "And what about the # then?",
    "My neighbour @ has the same with a #.",
    "It happened near @, there was a # and a #.",
    "We are thinking of buying a #.",
    "I do not know, the # is maybe ten years old.",
    "Can I get that together with the #?",
    "Okay, that sounds good.",
    "Someone from @ told me to ask about the #.",
    "The # was left by the # all night.",
    "I just want to be sure about the #.",
    "Hm, let me think.",
    "There is a # in the letter that I do not understand.",
    "Our # and the # should both be in it.",
    "It is for my son, he has a # now.",
    "Last time I spoke with @ about a #."};

constexpr std::array<std::string_view, published::kItems> kProductWords = {
    "cottage cabin woodstove lakeside summerhouse shutters porch rental seasonal jetty sauna firewood "
    "caretaker dunes",
    "laptop phone tablet screen charger television headphones camera console printer keyboard battery "
    "cracked drone",
    "boat sail marina mooring hull outboard anchor harbour rudder yacht dinghy propeller keel regatta",
    "car bumper garage mileage parking engine gearbox hatchback sedan licence collision dent odometer "
    "electric",
    "jewellery ring watch necklace painting antique silver heirloom appraisal diamond safe collection gold "
    "vault",
    "bicycle helmet pedal handlebar saddle frame spokes chain lock racing mountainbike cargobike brakes "
    "puncture",
    "furniture sofa burglary wardrobe carpet theft kitchenware belongings mattress bookshelf curtains "
    "basement moving stolen",
    "injury fracture knee hospital wheelchair disability crutches surgeon fall ankle rehabilitation scar "
    "sprain ambulance",
    "dog puppy vet leash kennel bite breed vaccination paw spaniel terrier collar surgery chip",
    "horse stable riding colic hoof mare gelding foal bridle pasture farrier jumping dressage lameness",
    "tooth dentist crown filling braces molar implant gum root cavity denture checkup bridge orthodontist",
    "towing breakdown tyre jumpstart motorway winch stranded recovery flat shoulder mechanic tow ditch "
    "assistance",
    "windscreen chip-repair pane crack wiper mirror glazier stonechip sunroof tinted sealant shatter "
    "calibrate heater-wire",
    "passenger whiplash driving-test seatbelt airbag chauffeur novice steering reflex fatigue commuting "
    "backseat highway pillion",
    "lease instalment dealership residual handover contract-term lessor company-car kilometres "
    "return-inspection fleet deposit van registration",
    "trailer caravan hitch axle awning towbar camper coupling jockey-wheel campsite tarpaulin stabiliser "
    "tent loading",
    "motorcycle moped scooter leathers throttle exhaust sidecar kickstand chopper clutch visor rider biker "
    "vintage",
    "travel flight luggage passport suitcase airport vacation cancelled visa abroad itinerary cruise hotel "
    "backpacking",
    "ski slope snowboard chalet lift-pass avalanche alps binding goggles piste gondola lodge sledge snow",
    "tenant landlord apartment flatmate sublet lease-break studio dormitory neighbours-noise keys rent "
    "roommate stairwell courtyard",
    "roof house attic storm chimney tiles facade gutter foundation beams insulation plumbing boiler mould",
    "garden hedge greenhouse lawn terrace shed fence pergola sprinkler pond mower trees hail trampoline",
    "tractor barn cattle harvest silo field combine livestock plough grain milking fertiliser pig sheep",
    "pension retirement savings annuity widow beneficiary payout employer inheritance bequest longevity "
    "lump-sum fund survivor"};

constexpr std::string_view kGeneralWords =
    "policy letter bill invoice account number address website email form customer year month week day "
    "week-end morning "
    "evening time date money amount payment bank card discount offer deal package problem mistake question "
    "answer reason "
    "change update cancellation renewal agreement signature paper copy photo list receipt folder file "
    "message call office "
    "department colleague manager advisor expert partner husband child daughter mother father brother sister "
    "family friend "
    "street town village city country road corner building floor room door window wall table chair bag box "
    "tool machine "
    "water fire wind weather rain winter summer spring autumn holiday birthday party job work school course "
    "shop market "
    "price total limit share half part rest rule law tax interest risk damage loss repair replacement value "
    "cost fee estimate";

}  // namespace

std::span<const std::string_view> greetings() {
  return kGreetings;
}
std::span<const std::string_view> farewells() {
  return kFarewells;
}
std::span<const std::string_view> agent_patterns() {
  return kAgentPatterns;
}
std::span<const std::string_view> customer_patterns() {
  return kCustomerPatterns;
}
std::string_view product_words(ItemIndex item) {
  return kProductWords[item];
}
std::string_view general_words() {
  return kGeneralWords;
}

}  // namespace eddy::phrases
